"""One adapter for each platform, over its official SDK, behind one port.

Nothing here knows the database, Slack or a city's rules. `platforms.port` holds the words,
`platforms.errors` the five ways in which a call can fail.
"""
