"""What `sns doctor` looks at: each check alone, so that one that fails keeps no other from being made. Tells nobody."""
