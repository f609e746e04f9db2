"""The resident's pages: saying it (reporting), following it (following), what is near (neighbours), photos (media)."""
