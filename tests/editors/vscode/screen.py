"""What is on the screen of a window, read out of its page in one step."""


class Row:
    """A row of the tree as it is on the screen."""

    def __init__(
        self, *, title: str, detail: str, label: str, level: int, top: float, selected: bool, expanded: bool | None
    ) -> None:
        self.title = plain(title)
        self.detail = plain(detail)
        """What stands behind the title in another colour."""
        self.label = label
        """What a screen reader says."""
        self.level = level
        """1 for groups, 2 for what is in them."""
        self.top = top
        self.selected = selected
        self.expanded = expanded
        """None when it cannot be expanded."""

    def __repr__(self) -> str:
        return f"<{'  ' * self.level}{self.title!r} {self.detail!r}>"


READ_ROWS = """selector => [...document.querySelectorAll(selector)].map(row => ({
  title: row.querySelector('.label-name')?.textContent ?? '',
  detail: row.querySelector('.label-description')?.textContent ?? '',
  label: row.getAttribute('aria-label') ?? '',
  level: Number(row.getAttribute('aria-level')),
  top: row.getBoundingClientRect().top,
  selected: row.getAttribute('aria-selected') === 'true',
  expanded: row.hasAttribute('aria-expanded') ? row.getAttribute('aria-expanded') === 'true' : null,
}))"""

READ_EDITORS = """() => [...document.querySelectorAll('.monaco-editor .view-lines')].map(lines =>
  [...lines.querySelectorAll('.view-line')]
    .sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top))
    .map(line => line.textContent.replaceAll('\\u00a0', ' ')).join('\\n')).join('\\n')"""

HAS_TEXT = f"text => ({READ_EDITORS})().includes(text)"


def plain(text: str) -> str:
    """Give a text on one line, without the marks of no width that keep it from being more than text."""
    return " ".join(text.replace("\u200b", "").split())
