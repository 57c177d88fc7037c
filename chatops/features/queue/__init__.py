"""`/sns queue`: what is in the round or waiting."""
