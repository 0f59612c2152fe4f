"""Planning changes of Kimi CLI's sessions: nothing here touches the disk."""
