"""The facts that a report's page states, found by its own structure."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    @classmethod
    def parse(cls, document: str) -> "Element":
        builder = _Builder()
        builder.feed(document)
        builder.close()
        return builder.root

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def text(self) -> str:
        """All text in it, white space as it is shown."""
        return " ".join(self._text().split())

    @property
    def prose(self) -> str:
        """Its text as it stands in the JSON: code in backticks, without titles and buttons."""
        parts = [child if isinstance(child, str) else child._prose() for child in self.children]
        return " ".join("".join(parts).split())

    def _text(self) -> str:
        return "".join(child if isinstance(child, str) else child._text() for child in self.children)

    def _prose(self) -> str:
        return {"b": "", "button": "", "code": f"`{self._text()}`"}.get(self.tag, self._text())

    def all(self, tag: str | None = None, cls: str | None = None) -> list["Element"]:
        """The elements below it with that name and class, in order."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if (tag is None or child.tag == tag) and (cls is None or cls in child.classes):
                    found.append(child)
                found += child.all(tag, cls)
        return found

    def first(self, tag: str | None = None, cls: str | None = None) -> "Element":
        return next(iter(self.all(tag, cls)), Element("nothing", {}))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("document", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self.open) - 1, 0, -1):
            if self.open[index].tag == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@dataclass
class Cause:
    because: str
    source: str | None
    mend: str
    sessions: list[str]


class ReportPage:
    """The page of a replay."""

    def __init__(self, document: str):
        self.root = Element.parse(document)

    @property
    def title(self) -> str:
        return self.root.first("title").text

    @property
    def sentence(self) -> str:
        return self.root.first("h1").text

    @property
    def counts(self) -> dict[str, int]:
        """Counts by verdict: an item reads `✗ 3 broken`."""
        words = [item.text.split() for item in self.root.first("ul", "tally").all("li")]
        return {word[-1]: int(word[-2].replace(",", "")) for word in words}

    @property
    def rows(self) -> list[Element]:
        return [row for row in self.root.first("table", "sortable").first("tbody").all("tr")]

    @property
    def verdicts(self) -> dict[str, str]:
        """Verdicts by session, from the table. A verdict is a mark and a word."""
        cells = [row.all("td") for row in self.rows]
        return dict(sorted(((cell[1].text, cell[0].text.split()[-1]) for cell in cells), key=self._number))

    @property
    def visible_rows(self) -> list[str]:
        return [row.all("td")[1].text for row in self.rows if "hidden" not in row.attributes]

    @property
    def details(self) -> list[Element]:
        return self.root.all("details", "session")

    @property
    def detail_verdicts(self) -> dict[str, str]:
        pairs = [self._named(details) for details in self.details]
        return dict(sorted(((name, verdict) for name, verdict in pairs), key=self._number))

    @property
    def open_details(self) -> list[str]:
        return [self._named(details)[0] for details in self.details if "open" in details.attributes]

    @property
    def causes(self) -> list[Cause]:
        return [self._cause(item) for item in self.root.all("li", "cause") if "inconclusive" not in item.classes]

    @staticmethod
    def _cause(item: Element) -> Cause:
        place = next((e.text for e in item.first("div", "meta").all() if "m" in e.classes), None)
        links = [link.text for link in item.first("div", "meta").all("a") if "m" not in link.classes]
        return Cause(item.first("h3").prose, place, item.first("div", "mend").prose, links)

    @staticmethod
    def _named(details: Element) -> tuple[str, str]:
        summary = details.first("summary")
        name = next((part.text for part in summary.all() if re.fullmatch(r"\S+#\d+", part.text)), "#0")
        return name, summary.first(cls="word").text.split()[-1]

    @staticmethod
    def _number(pair: tuple[str, str]) -> int:
        return int(pair[0].rpartition("#")[2])
