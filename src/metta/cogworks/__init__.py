"""Names under which users of the original know things."""
