"""What can be lent or run? Operations of our own estate: service objectives, alerts, emergency measures, scaling."""
