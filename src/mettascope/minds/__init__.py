"""What policies make of what they see: noted while they play, or asked of a recording."""
