#!/bin/sh
# Runs a command of the coder with an input that is at its end: nobody answers what it asks. The CLI itself leaves the input open where a command has a
# here-document.
exec /bin/bash -c "$@" </dev/null
