"""Pictures and movies of replays, and the files that they are written to."""
