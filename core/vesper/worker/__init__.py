"""Runs a synchronous engine in the loop, a thread or a child process and makes it asynchronous."""
