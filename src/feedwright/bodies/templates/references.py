"""What a body refers to that lies outside of its file: other articles, and the site's includes.

A process that makes a body knows the files of the content folder and the configuration of the site's
generator. About all else it asks, and the body is made again with the answers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import normpath

from feedwright import disk
from feedwright.generators.template_syntax import Answer
from feedwright.model import ArticleSource
from feedwright.problems import Problem

MOST_TOLD = 20
"""The most problems of one kind that are told of one body."""

_MOST_NAMES = 1000
"""The most references of one body that are looked up; others lead nowhere."""

_MAY_BE_MISSING = ("site", "file", "served")
"""What questions begin with whose answers nobody promised."""

_LONGEST = 1000
"""The most characters of a reference."""


class UnansweredError(BaseException):
    """A body refers to what is not known yet: `questions` have to be answered first.

    Not an `Exception`: nothing is wrong with the article.
    """

    def __init__(self, questions: tuple[str, ...]) -> None:
        super().__init__(questions)
        self.questions = questions


class OwnAnswers:
    """Answers that every process has: texts of the generator's configuration, files of the content folder."""

    def __init__(self, content: Path, values: Mapping[str, str]) -> None:
        self._content = content
        self._values = values

    def answer(self, question: str) -> Answer | None:
        """Return the answer to a question, None where others have to be asked."""
        kind, *names = question.split("\n")
        if kind == "site":
            return Answer(self._values.get(names[0]) or self._values.get(names[0].lower(), ""))
        if kind == "file":
            return Answer(next(filter(self._is_file, names), ""))
        return None

    def _is_file(self, path: str) -> bool:
        """Tell whether a path names a file of the content folder, which no link leads out of."""
        file = os.path.join(os.path.realpath(self._content), path)
        return disk.is_plain_path(path) and os.path.isfile(file) and os.path.realpath(file) == file


class ArticlePage:
    """The page of an article, as `template_syntax.Page` says, with the answers that are known.

    `problems` are about references that lead nowhere, `missing` counts these.
    """

    def __init__(
        self,
        source: ArticleSource,
        *,
        site_url: str,
        site_title: str,
        own: OwnAnswers,
        answers: Mapping[str, Answer],
    ) -> None:
        """`answers` are those to what the article has asked before."""
        article = source.article
        self.path, self.link, self.title = article.path, article.link, article.title
        self.language = article.language
        self.site_url, self.site_title = site_url, site_title
        self.fields = source.fields
        self.problems: list[Problem] = []
        self.missing = 0
        self._source = source
        self._own = own
        self._answers = answers
        self._asked: dict[str, Answer | None] = {}

    def article(self, *names: str, written: str) -> Answer | None:
        """Return the article that one of the names means, None where there is none."""
        plain = [normpath(name).lstrip("/") for name in names if name and "\n" not in name]
        return self._ask("\n".join(["article", *plain]), written) if plain else None

    def file(self, *paths: str) -> str | None:
        """Return the first of the paths below the content folder that a file has, None where none has it."""
        answer = (
            self._ask("\n".join(["file", *paths]), "") if not any("\n" in path for path in paths) else None
        )
        return answer.value if answer else None

    def is_served(self, address: str) -> bool:
        """Tell whether the built site, if it is known, has a file at an address."""
        return "\n" not in address and self._ask(f"served\n{address}", "") is not None

    def site_value(self, name: str) -> str | None:
        """Return a text of the configuration of the site's generator, None where it has none."""
        answer = self._ask(f"site\n{name}", "") if "\n" not in name else None
        return answer.value if answer else None

    def include(self, name: str) -> str | None:
        """Return the text of an include, None where there is none."""
        answer = self._ask(f"include\n{name}", name) if "\n" not in name else None
        return answer.value if answer else None

    def _ask(self, question: str, written: str) -> Answer | None:
        if question not in self._asked:
            if len(question) > _LONGEST or len(self._asked) >= _MOST_NAMES:
                return None
            answer = self._asked[question] = self._answers.get(question) or self._own.answer(question)
            if answer and not answer.value and not question.startswith(_MAY_BE_MISSING):
                self._tell(question, written, answer)
        answer = self._asked[question]
        if answer and answer.value:
            return answer
        self.missing += not question.startswith(_MAY_BE_MISSING)
        return None

    def _tell(self, question: str, written: str, answer: Answer) -> None:
        code, message = "LNK005", f"a link leads to {written}, and no article is meant by that"
        hint = "correct the name, or publish the article"
        if question.startswith("include"):
            code, message = "TPL005", f"the include {written} cannot be used: {answer.title}"
            hint = "put a plain text in its place"
        if answer.near:
            hint = f"did you mean {answer.near}?"
        self.warn(code, message, written, hint)

    def warn(self, code: str, message: str, written: str, hint: str) -> None:
        """Add a problem at the first place where the body has a text."""
        if sum(problem.code == code for problem in self.problems) < MOST_TOLD:
            place = place_of(written, self._source)
            self.problems.append(Problem.warning(code, message, self.path, *place, hint=hint))

    def check_answers(self) -> None:
        """Raise `UnansweredError` if the body asked for what is not known yet."""
        unanswered = tuple(question for question, answer in self._asked.items() if answer is None)
        if unanswered:
            raise UnansweredError(unanswered)

    def answers(self) -> Iterator[tuple[str, Answer]]:
        """Yield the questions of the body with their answers."""
        return ((question, answer) for question, answer in self._asked.items() if answer is not None)


def hash_of(answer: Answer) -> str:
    """Return a short hash of an answer, by which a later build sees that it is the same."""
    told = f"{answer.value}\0{answer.title}\0{answer.near}"
    return disk.sha256(told.encode("utf-8", "surrogatepass"))[:16]


def place_of(written: str, source: ArticleSource) -> tuple[int, int]:
    """Return line and column of the first place where a body has a text, its beginning if it has none."""
    start = max(0, source.body.find(written))
    column = start - source.body.rfind("\n", 0, start)
    return source.line + source.body.count("\n", 0, start), column
