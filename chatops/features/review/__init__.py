"""What the policy and the platforms say of a draft, before it goes in."""
