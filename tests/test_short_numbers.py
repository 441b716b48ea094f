"""No test looks for so few digits that an ID may hold them: IDs hang on which tests ran before."""

import ast
import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parent
FEW_DIGITS = re.compile(r"\d{1,5}")


def listed(node: ast.AST) -> set[str]:
    parts = [part for one in ast.walk(node) for part in getattr(one, "elts", [])]
    return {part.value for part in parts if isinstance(getattr(part, "value", None), str)}


def looked_for(tree: ast.AST) -> set[str]:
    """What stands before `in`: a text, or one of the list that a loop goes over."""
    nodes, lists, found = list(ast.walk(tree)), defaultdict(set), set()
    for one in [one for one in nodes if isinstance(one, ast.Assign)]:
        lists[ast.unparse(one.targets[0])] |= listed(one.value)
    for one in [one for one in nodes if isinstance(one, ast.For | ast.comprehension)]:
        names = re.findall(r"\w+", ast.unparse(one.iter))
        lists[ast.unparse(one.target)] |= listed(one.iter).union(*(lists[name] for name in names))
    for one in [one for one in nodes if isinstance(one, ast.Compare)]:
        if isinstance(one.ops[0], ast.In | ast.NotIn):
            found |= listed(ast.Tuple([one.left])) | lists[ast.unparse(one.left)]
    return found


def test_no_page_is_searched_for_a_few_digits():
    for path in sorted(TESTS.rglob("*.py")):
        if path.parent.name != "hud":  # it has no pages, and its lists have codes
            texts = looked_for(ast.parse(path.read_text()))
            assert not [text for text in texts if FEW_DIGITS.fullmatch(text)], path


def test_few_digits_are_found():
    lists = "A = ('a',)\nB = ('512',)\nassert not [one for one in self.A + self.B if one in page]"
    loop = "for text in ('a', '512'):\n    assert text in page"
    for code in (lists, loop, "assert '512' not in page"):
        assert {"512"} <= looked_for(ast.parse(code)), code
