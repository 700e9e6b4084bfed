"""E-licences (电子证照, GB/T 36901–36906): types, issue, states, the holder's use authorisation, verification."""
