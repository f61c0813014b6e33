"""What the scripts share: set-up, databases, processes, lint."""
