"""Changes of session files of pi's line format: what is appended to them, and new ones.

No line that is there is ever changed. What is written is the part of the format that pi, pi_agent_rust and OpenClaw
all open: a header of version 3 with a UUID and a folder, and entries of the kinds that each of them knows.
Source: pi coding-agent 0.73.1 and 0.87.1 session manager; pi_agent_rust 0.8 session.
"""
