"""The outside world of this engine: where tiles are kept, and other installations' witnesses."""
