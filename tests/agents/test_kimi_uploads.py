"""What a user typed, without the markup that an upload puts around it."""

from typing import Any

import pytest

from forkpoint.agents.kimi.content import user_blocks, user_text
from forkpoint.model.entry import Block

PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
LISTED = "<uploaded_files>\n1. /u/a b.mp4\n2. /u/n.txt\n</uploaded_files>\n\n"


def _part(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _tags(kind: str, path: str, *inside: Any, mime: str = "x/y") -> list[Any]:
    return [_part(f'<{kind} path="{path}" content_type="{mime}">'), *inside, _part(f"</{kind}>\n\n")]


@pytest.mark.parametrize(
    ("content", "text", "files"),
    [
        ("plain words", "plain words", []),
        ([_part(LISTED), _part("look")], "look", ["/u/a b.mp4", "/u/n.txt"]),
        (LISTED + "look", "look", ["/u/a b.mp4", "/u/n.txt"]),
        ([_part(LISTED), *_tags("video", "/u/a b.mp4"), _part("look")], "look", ["/u/a b.mp4", "/u/n.txt"]),
        ([*_tags("document", "/u/n.txt", _part("its text")), _part("look")], "look", ["/u/n.txt"]),
        (
            [_part('<document path="/u/n" content_type="t">\nits text\n</document>\n\n'), _part("look")],
            "look",
            ["/u/n"],
        ),
        (
            [_part('<document path="/u/n" content_type="t">\nits'), _part("text</document>"), _part("look")],
            "look",
            ["/u/n"],
        ),
        ('<video path="/u/v" content_type="v"></video> what is this', "what is this", ["/u/v"]),
        ([_part("compare"), *_tags("image", "/u/i", PICTURE), _part("with that")], "compare with that", ["/u/i"]),
        ([_part(LISTED), _part("KIMI_FILE_UPLOAD_WITHOUT_MESSAGE")], "", ["/u/a b.mp4", "/u/n.txt"]),
        ("KIMI_FILE_UPLOAD_WITHOUT_MESSAGE", "", []),
        ("say KIMI_FILE_UPLOAD_WITHOUT_MESSAGE", "say KIMI_FILE_UPLOAD_WITHOUT_MESSAGE", []),
        ('what does <video path="/v"></video> do?', 'what does <video path="/v"></video> do?', []),
        ('<video path="/v"> is never closed', '<video path="/v"> is never closed', []),
        (_tags("image", "/u/i", *[_part("far")] * 20), None, []),
        ("<uploaded_files> is a tag", "<uploaded_files> is a tag", []),
    ],
)
def test_uploads_are_files_beside_the_words(content: Any, text: str | None, files: list[str]) -> None:
    said = user_text(content)
    assert said == text if text is not None else said.startswith("<image")
    assert [block.path for block in user_blocks(content) if block.path is not None] == files


def test_a_picture_between_tags_keeps_its_data_and_its_path() -> None:
    blocks = user_blocks([*_tags("image", "/u/i.jpg", PICTURE, mime="image/jpeg"), _part("look")])
    assert blocks == [
        Block(type="image", mime_type="image/png", data="AAAA", path="/u/i.jpg"),
        Block(type="text", text="look"),
    ]


def test_a_file_has_the_type_its_tag_names() -> None:
    assert user_blocks(_tags("document", "/n", _part("text"), mime="text/plain")) == [
        Block(type="file", mime_type="text/plain", path="/n")
    ]


@pytest.mark.parametrize(
    "content",
    [
        '<video path="">' * 100_000,
        '<video path=""></video>' * 500_000,
        [_part('<video path="a">')] * 100_000,
        "<uploaded_files>" + "\n1. x" * 300_000,
        " " * 3_000_000,
    ],
)
def test_a_message_of_nothing_but_tags_is_read_in_one_pass(content: Any) -> None:
    """Copying the rest for every tag would take minutes, and the time limit of every test would end it."""
    assert len(user_text(content)) <= 12_000_000
