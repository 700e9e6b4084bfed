"""Whether it can be proved: cryptography, masking, audit."""
