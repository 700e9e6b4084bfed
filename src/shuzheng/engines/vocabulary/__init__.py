"""What a field means: data elements, code lists, divisions, the working calendar."""
