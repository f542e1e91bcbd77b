"""What stands between the operating system and the application: the start, the web server, the background worker.

Used by `server.py` and by the command `worker`.
"""
