"""What a command that may run, or may not, leaves."""

from msgspec.structs import replace

from parity.model.location import May, Unknown
from parity.tree.uncertain import UncertainTree
from tests.support.written_tree import WrittenTree

WHY = Unknown("this command may or may not run")


def after(change):
    tree = WrittenTree({"/app/a.py": "A = 1\n", "/app/b.py": "B = 1\n"})
    change(UncertainTree(tree, WHY))
    return tree


def test_a_write_that_changes_nothing_leaves_the_text_known():
    tree = after(lambda files: files.write("/app/a.py", b"A = 1\n"))
    assert (tree.read("/app/a.py"), tree.obscured) == (b"A = 1\n", [])


def test_a_write_of_another_text_leaves_a_file_whose_text_is_not_known():
    tree = after(lambda files: files.write("/app/a.py", b"A = 2\n"))
    assert isinstance(tree.read("/app/a.py"), Unknown)
    assert not isinstance(tree.lookup("/app/a.py"), Unknown)
    assert tree.obscured == []


def test_a_new_file_may_be_there():
    assert after(lambda files: files.write("/app/c.py", b"")).lookup("/app/c.py") == WHY


def test_what_is_removed_may_be_there():
    tree = after(lambda files: files.remove("/app/a.py"))
    assert tree.lookup("/app/a.py") == replace(WHY, may=May.REMOVES)
    assert tree.read("/app/b.py") == b"B = 1\n"


def test_a_copy_is_of_doubtful_text():
    tree = after(lambda files: files.copy("/app/a.py", "/app/b.py"))
    assert isinstance(tree.read("/app/b.py"), Unknown)
