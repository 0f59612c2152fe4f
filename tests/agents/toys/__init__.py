"""Three invented formats that prove the seam: each keeps a session in a way no single file of lines does."""
