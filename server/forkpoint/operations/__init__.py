"""One file per noun: params, result and behaviour of what a client may ask."""
