"""Session files of pi's line format, versions 1 to 3: a header, then a list (v1) or a tree (v2, v3) of entries.

Written by pi (TypeScript), by pi_agent_rust, and by what embeds pi's session manager.
Source: pi coding-agent 0.73.1 and 0.87.1 `docs/session.md` and session manager; pi_agent_rust 0.8 session.
"""
