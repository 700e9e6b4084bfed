"""Letters of cases (文书): which letter at which act, what it says, its number, its seal, and its service in law."""
