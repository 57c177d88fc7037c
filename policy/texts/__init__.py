"""Reading a text: what stands in it as people write it, one character for one, so that each place can be marked.

`plaintext` sees through spellings of signs; `telephone`, `identity` and `people` find numbers and persons, with the
`surnames` of Japan; `dating` and `clock_times` find days and hours. What follows is for `policy.rules` to say.
"""
