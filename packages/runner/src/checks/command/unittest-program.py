"""Runs `python -m unittest`, or with `--django` the manage.py that follows, and writes what came of each test as JUnit to REPORT, which is put in. Nothing of it stays in a module where a test finds it by name."""
import sys


def run(report_path):
    import os

    # As `python -m` has it.
    sys.path[0] = os.getcwd()
    import importlib.util
    from unittest import case, main, runner
    from xml.sax.saxutils import quoteattr

    # Processes that tests start by spawn or forkserver import what `__main__` names; unittest's own is left out there.
    started = sys.modules["__main__"]
    started.__spec__ = importlib.util.find_spec("unittest.__main__")
    started.__file__, started.__package__ = started.__spec__.origin, "unittest"
    started.__unittest = True

    def clean(text):
        return "".join(one if one in "\t\n" or " " <= one < "\ud800" or "\ue000" <= one <= "\ufffd" else "?" for one in text)

    class Result(runner.TextTestResult):
        """Notes the worst that came of each test, subtests included."""

        ranks = ("skipped", None, "failure")

        def __init__(self, *given, **named):
            super().__init__(*given, **named)
            self.found = {}

        def note(self, test, outcome):
            test = getattr(test, "test_case", test)
            module = sys.modules.get(type(test).__module__)
            file = getattr(module, "__file__", None) or ""
            if isinstance(test, case.TestCase) and not type(test).__module__.startswith("unittest."):
                place = (os.path.realpath(file), type(test).__qualname__, getattr(test, "_testMethodName", str(test)))
            else:
                # A module that can't be imported, or set-up of a class or module that failed.
                place = ("", "", str(test))
            known = self.found.get(place, outcome)
            self.found[place] = max(known, outcome, key=self.ranks.index)

        def addSuccess(self, test):
            super().addSuccess(test)
            self.note(test, None)

        def addError(self, test, err):
            super().addError(test, err)
            self.note(test, "failure")

        def addFailure(self, test, err):
            super().addFailure(test, err)
            self.note(test, "failure")

        def addSkip(self, test, reason):
            super().addSkip(test, reason)
            self.note(test, "skipped")

        def addExpectedFailure(self, test, err):
            super().addExpectedFailure(test, err)
            self.note(test, "skipped")

        def addUnexpectedSuccess(self, test):
            super().addUnexpectedSuccess(test)
            self.note(test, "failure")

        def addSubTest(self, test, subtest, err):
            super().addSubTest(test, subtest, err)
            if err is not None:
                self.note(test, "failure")

        def stopTestRun(self):
            super().stopTestRun()
            lines = ["<testsuites><testsuite>"]
            for place, outcome in self.found.items():
                file, group, name = (quoteattr(clean(text)) for text in place)
                inside = "" if outcome is None else "<%s/>" % outcome
                lines.append("<testcase file=%s classname=%s name=%s>%s</testcase>" % (file, group, name, inside))
            lines.append("</testsuite></testsuites>")
            with open(report_path, "w", encoding="utf-8") as report:
                report.write("\n".join(lines))

    runner.TextTestRunner.resultclass = Result
    if sys.argv[1:2] == ["--django"]:
        import runpy

        sys.argv = sys.argv[2:]
        sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
        runpy.run_path(sys.argv[0], run_name="__main__")
        return
    sys.argv[0] = os.path.basename(sys.executable) + " -m unittest"
    main(module=None)


if __name__ == "__main__":
    run(globals().pop("REPORT"))
