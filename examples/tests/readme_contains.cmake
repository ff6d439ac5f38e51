# SPDX-License-Identifier: Apache-2.0
# cmake -D README=<file> (-D SNIPPET=<source file> | -D PROGRAM=<program, or emulator;program>) -P readme_contains.cmake
#
# Fails unless the README contains, word for word, the source file without its first line, or what the program prints.
cmake_minimum_required(VERSION 3.25)

if(SNIPPET)
    file(READ "${SNIPPET}" wanted)
    string(FIND "${wanted}" "\n" first_line_end)
    math(EXPR start "${first_line_end} + 1")
    string(SUBSTRING "${wanted}" ${start} -1 wanted)
    set(what "${SNIPPET}")
else()
    execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE wanted COMMAND_ERROR_IS_FATAL ANY)
    set(what "what ${PROGRAM} prints")
endif()
file(READ "${README}" readme)
string(FIND "${readme}" "${wanted}" at)
if(wanted STREQUAL "" OR at EQUAL -1)
    message(FATAL_ERROR "${README} does not contain ${what}:\n${wanted}")
endif()
