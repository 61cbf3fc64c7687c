"""What statements does a shell text hold? tree-sitter-bash reads it; its tree becomes ours here."""

from __future__ import annotations

import re

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from parity.model.octets import octets
from parity.shell.heredocs import MARK, Heredoc, cut_heredocs
from parity.shell.quoting import split_words
from parity.shell.syntax import (
    AndOr,
    Background,
    Case,
    CaseItem,
    Condition,
    For,
    Function,
    If,
    Pipeline,
    Redirect,
    Redirected,
    Sequence,
    Simple,
    Statement,
    Subshell,
    Unparsed,
    While,
)

LANGUAGE = Language(tree_sitter_bash.language())
LONGEST = 50_000
"""Characters; a longer script is not parsed."""
_BANG_AND_REDIRECT = re.compile(r"(^|[\s;&|(])!(?=[<>])", re.MULTILINE)
"""`!</dev/tcp/db/5432`, which tree-sitter does not read."""
_COMMENT = re.compile(r"(?<=[ \t])`[ \t]*#[^`\n]*`(?=[ \t\n]|$)")
"""A comment as an argument, which tree-sitter does not read either: `apt-get install a `# for b` c`."""
_CLOSED_AT_ONCE = re.compile(
    r"(?<=[;&\n])[ \t]*(?:(?:fi|done|esac|\})[ \t]+)+(?=(?:fi|done|esac|\}|else|elif)(?![^\s;&|)]))"
)
"""POSIX, 2.4: a reserved word may follow another (`fi fi`); tree-sitter asks for a `;` between them."""
CARRIAGE_RETURN = "\ue00d"
"""Stands for `\\r`, which is a blank to tree-sitter and part of a word to every shell."""
DEEPEST = 60
"""Levels of nesting that are followed."""
REDIRECTS = ("file_redirect", "herestring_redirect", "heredoc_redirect")


def parse(text: str) -> Sequence:
    """The statements of `text`; what is no shell language becomes an Unparsed. Never raises."""
    if len(text) > LONGEST:
        return Sequence((Unparsed(text[:40], 1),))
    flat, heredocs = cut_heredocs(text)
    flat = _BANG_AND_REDIRECT.sub(r"\1! : ", flat)
    flat = _COMMENT.sub("", flat)
    data, root = _read(flat)
    if root.has_error and (closed := _CLOSED_AT_ONCE.sub(_parted, flat)) != flat:
        again, other = _read(closed)
        data, root = (data, root) if other.has_error else (again, other)
    return _Reader(data, heredocs).sequence(root.children, 0)


def _parted(words: re.Match[str]) -> str:
    return "".join(f"{word}; " for word in words[0].split())


def _read(text: str) -> tuple[bytes, Node]:
    data = octets(text.replace("\r", CARRIAGE_RETURN))
    return data, Parser(LANGUAGE).parse(data).root_node


class _Reader:
    def __init__(self, data: bytes, heredocs: tuple[Heredoc, ...]) -> None:
        self.data = data
        self.heredocs = heredocs

    def text(self, start: int, end: int) -> str:
        return self.data[start:end].decode("utf8", "surrogateescape").replace(CARRIAGE_RETURN, "\r")

    def of(self, node: Node) -> str:
        return self.text(node.start_byte, node.end_byte)

    def unparsed(self, node: Node) -> Unparsed:
        return Unparsed(self.of(node), _line(node))

    def sequence(self, nodes: list[Node], depth: int) -> Sequence:
        """Statements with `;`, newlines and `&` between them."""
        found: list[Statement] = []
        for node in nodes:
            if node.type == "&" and found:
                found[-1] = Background(found[-1])
            elif node.type == "ERROR" or (node.is_named and node.type not in ("comment", "heredoc_body")):
                found.append(self.statement(node, depth))
            elif node.type == ";;":
                found.append(self.unparsed(node))
        return Sequence(tuple(found))

    def statement(self, node: Node, depth: int) -> Statement:
        if depth > DEEPEST or node.type == "ERROR" or node.is_missing:
            return self.unparsed(node)
        deeper = depth + 1
        match node.type:
            case "command" | "declaration_command" | "unset_command":
                return self.simple(node)
            case "variable_assignment" | "variable_assignments":
                return self.broken(node) or self.simple(node)
            case "test_command":
                return self.test(node)
            case "list":
                return self.and_or(node, deeper)
            case "pipeline":
                return self.pipeline(node, deeper)
            case "negated_command":
                return Pipeline((self.statement(node.children[-1], deeper),), True)
            case "subshell":
                return self.broken(node) or Subshell(self.sequence(node.children, deeper))
            case "compound_statement" if node.children and node.children[0].type == "{":
                return self.broken(node) or self.sequence(node.children, deeper)
            case "compound_statement" if node.children and node.children[0].type == "((":
                arithmetic = "'" + self.of(node)[2:-2].replace("'", "") + "'"
                return Simple((), ("let", arithmetic), (), _line(node))
            case "if_statement":
                return self.broken(node) or self.if_(node, deeper)
            case "case_statement":
                return self.broken(node) or self.case(node, deeper)
            case "for_statement":
                return self.broken(node) or self.for_(node, deeper)
            case "while_statement":
                return self.broken(node) or self.while_(node, deeper)
            case "function_definition":
                body = node.child_by_field_name("body")
                name = node.child_by_field_name("name")
                if body is None or name is None:
                    return self.unparsed(node)
                keyword = node.children[0].type == "function"
                return Function(self.of(name), self.statement(body, deeper), keyword)
            case "redirected_statement":
                return self.redirected(node, deeper)
            case _:
                return self.unparsed(node)

    def broken(self, node: Node) -> Unparsed | None:
        """A compound statement with a stray or missing part of its own can't be trusted at all."""
        wrong = any(child.type == "ERROR" or child.is_missing for child in node.children)
        return self.unparsed(node) if wrong else None

    def simple(self, node: Node) -> Statement:
        """One command: neighbouring nodes with nothing between them are one word."""
        if node.has_error or any(child.type == "subshell" for child in node.children):
            return self.unparsed(node)
        spans: list[tuple[int, int]] = []
        redirects: list[Redirect] = []
        for child in node.children:
            if child.type in REDIRECTS:
                redirect = self.redirect(child)
                if redirect is None:
                    return self.unparsed(node)
                redirects.append(redirect)
            elif child.type == "comment":
                continue
            elif spans and spans[-1][1] == child.start_byte:
                spans[-1] = (spans[-1][0], child.end_byte)
            else:
                spans.append((child.start_byte, child.end_byte))
        if node.type == "variable_assignment":
            spans = [(node.start_byte, node.end_byte)]
        words: list[str] = []
        for span in spans:
            parts = split_words(self.text(*span))
            words.extend([self.text(*span)] if "(" in parts else parts)
        return self.command(words, redirects, node)

    def command(self, words: list[str], redirects: list[Redirect], node: Node) -> Simple:
        count = 0
        while count < len(words) and is_assignment(words[count]):
            count += 1
        return Simple(tuple(words[:count]), tuple(words[count:]), tuple(redirects), _line(node))

    def test(self, node: Node) -> Statement:
        text = self.of(node)
        if text.startswith("[[") and text.endswith("]]"):
            return Condition(split_words(text[2:-2]), _line(node))
        if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
            return self.command(list(split_words(text)), [], node)
        return self.unparsed(node)

    def and_or(self, node: Node, depth: int) -> Statement:
        """The grammar nests `a && b && c` to the left, once for each operator."""
        links: list[tuple[str, Node]] = []
        while node.type == "list":
            parts = [c for c in node.children if c.type == "ERROR" or (c.is_named and c.type != "comment")]
            operators = [c.type for c in node.children if c.type in ("&&", "||")]
            if len(parts) != 2 or len(operators) != 1:
                return self.unparsed(node)
            links.append((operators[0], parts[1]))
            node = parts[0]
        done = self.statement(node, depth)
        for operator, right in reversed(links):
            done = AndOr(done, self.statement(right, depth), operator == "||")
        return done

    def pipeline(self, node: Node, depth: int) -> Statement:
        commands = [c for c in node.children if c.type == "ERROR" or (c.is_named and c.type != "comment")]
        parts = [self.statement(command, depth) for command in commands]
        negated = False
        if isinstance(parts[0], Pipeline) and parts[0].negated and len(parts[0].commands) == 1:
            # The grammar binds `!` to the first command; POSIX 2.9.2 to the whole pipeline.
            parts[0] = parts[0].commands[0]
            negated = True
        return Pipeline(tuple(parts), negated, any(child.type == "|&" for child in node.children))

    def if_(self, node: Node, depth: int) -> Statement:
        branches = [self.branch(node.children, depth)]
        otherwise = Sequence(())
        for child in node.children:
            if child.type in ("elif_clause", "else_clause") and (wrong := self.broken(child)):
                return wrong
            if child.type == "elif_clause":
                branches.append(self.branch(child.children, depth))
                if len(branches) > DEEPEST:
                    return self.unparsed(node)
            elif child.type == "else_clause":
                otherwise = self.sequence(child.children, depth)
        return If(tuple(branches), otherwise)

    def branch(self, nodes: list[Node], depth: int) -> tuple[Sequence, Sequence]:
        then = next((i for i, child in enumerate(nodes) if child.type == "then"), len(nodes))
        body = [n for n in nodes[then + 1 :] if n.type not in ("elif_clause", "else_clause")]
        return self.sequence(nodes[:then], depth), self.sequence(body, depth)

    def case(self, node: Node, depth: int) -> Statement:
        word = node.child_by_field_name("value")
        if word is None:
            return self.unparsed(node)
        items: list[CaseItem] = []
        for item in node.children:
            if item.type != "case_item":
                continue
            if wrong := self.broken(item):
                return wrong
            close = next((i for i, child in enumerate(item.children) if child.type == ")"), -1)
            if close < 0:
                return self.unparsed(node)
            start = item.children[1 if item.children[0].type == "(" else 0].start_byte
            patterns = split_words(self.text(start, item.children[close].start_byte).replace("|", " | "))
            ending = next((c.type for c in item.children if c.type in (";;", ";&", ";;&")), ";;")
            body = [c for c in item.children[close + 1 :] if not c.type.startswith(";;")]
            items.append(CaseItem(tuple(p for p in patterns if p != "|"), self.sequence(body, depth), ending))
        return Case(self.of(word), tuple(items))

    def for_(self, node: Node, depth: int) -> Statement:
        name = node.child_by_field_name("variable")
        body = node.child_by_field_name("body")
        if name is None or body is None or node.children[0].type != "for" or body.type != "do_group":
            return self.unparsed(node)
        if wrong := self.broken(body):
            return wrong
        words = None
        if any(child.type == "in" for child in node.children):
            values = node.children_by_field_name("value")
            words = split_words(self.text(values[0].start_byte, values[-1].end_byte)) if values else ()
        return For(self.of(name), words, self.sequence(body.children, depth))

    def while_(self, node: Node, depth: int) -> Statement:
        body = node.child_by_field_name("body")
        if body is None or self.broken(body):
            return self.unparsed(node)
        condition = [child for child in node.children[1:] if child != body]
        until = node.children[0].type == "until"
        return While(self.sequence(condition, depth), self.sequence(body.children, depth), until)

    def redirected(self, node: Node, depth: int) -> Statement:
        body = node.child_by_field_name("body")
        redirects: list[Redirect] = []
        for child in node.children:
            if child == body or child.type == "comment":
                continue
            redirect = self.redirect(child)
            if redirect is None:
                return self.unparsed(node)
            redirects.append(redirect)
        if body is None:
            return Simple((), (), tuple(redirects), _line(node))
        return _redirect(self.statement(body, depth), tuple(redirects), _line(node))

    def redirect(self, node: Node) -> Redirect | None:
        """None where it is not understood."""
        if any(child.type == "ERROR" or child.is_missing for child in node.children):
            return None
        descriptor: int | None = None
        operator = ""
        start = None
        for child in node.children:
            if child.type == "file_descriptor":
                digits = self.of(child)
                descriptor = int(digits) if digits.isascii() and digits.isdigit() else 9
            elif not operator:
                operator = child.type
            elif start is None:
                start = child
        if start is None:
            return Redirect(descriptor, operator, "") if operator in ("<&-", ">&-") else None
        target = self.text(start.start_byte, node.end_byte)
        if len(split_words(target)) != 1:
            return None
        if operator == "<" and target.startswith(MARK) and target[len(MARK) :].isdigit():
            index = int(target[len(MARK) :])
            if index < len(self.heredocs):
                return Redirect(descriptor, "<<", "", self.heredocs[index])
        return Redirect(descriptor, operator, target)


def _redirect(body: Statement, redirects: tuple[Redirect, ...], line: int) -> Statement:
    """A redirect written after a list or a pipeline belongs to its last command (POSIX 2.9.1)."""
    match body:
        case Simple():
            return Simple(body.assignments, body.words, body.redirects + redirects, body.line)
        case AndOr():
            return AndOr(body.left, _redirect(body.right, redirects, line), body.either)
        case Pipeline():
            last = _redirect(body.commands[-1], redirects, line)
            return Pipeline((*body.commands[:-1], last), body.negated, body.both)
        case _:
            return Redirected(body, redirects, line)


def is_assignment(word: str) -> bool:
    """`NAME=...` or `NAME+=...`."""
    name = word.partition("=")[0].removesuffix("+")
    return "=" in word and name.isascii() and name.isidentifier()


def _line(node: Node) -> int:
    return int(node.start_point[0]) + 1
