"""What is certified: files and documents."""
