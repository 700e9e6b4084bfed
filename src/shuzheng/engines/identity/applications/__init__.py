"""Connected applications (应用接入): one register of the systems that call the platform, and the one way in which they do."""
