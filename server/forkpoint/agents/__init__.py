"""One folder per agent, each pure: where its sessions lie and how their bytes read."""
