"""Base64 from outside, turned into bytes piece by piece, so that no step keeps the interpreter to itself for long."""

import base64
import binascii

PIECE = 1 << 20
"""Characters turned at once; a multiple of four, so that each piece is complete in itself."""


def decode_pieces(text: str) -> list[bytes]:
    """Give the bytes of base64 in the usual alphabet, padded, without blanks. Raises ValueError for anything else."""
    pieces: list[bytes] = []
    for start in range(0, len(text), PIECE):
        part = text[start : start + PIECE]
        try:
            piece = base64.b64decode(part.encode("ascii"), validate=True)
        except binascii.Error as problem:
            raise ValueError(str(problem)) from problem
        if len(piece) * 4 != len(part) * 3 and start + PIECE < len(text):
            raise ValueError("padding before the end")
        pieces.append(piece)
    return pieces
