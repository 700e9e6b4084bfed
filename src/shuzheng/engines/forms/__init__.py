"""What must be asked: forms made of data elements."""
