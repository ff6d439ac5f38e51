# SPDX-License-Identifier: Apache-2.0
# Compiles one case without and with MUST_FAIL, by the build's own command: the first must succeed, the second fail with
# the WORDS (a regular expression) in its output.
file(STRINGS "${COMMANDS}" line REGEX "\"command\": .*${SOURCE}")
list(LENGTH line found)
if(NOT found EQUAL 1)
    message(FATAL_ERROR "${COMMANDS} has ${found} commands for ${SOURCE}")
endif()
string(REGEX REPLACE ",$" "" line "${line}")
string(JSON line GET "{${line}}" command)
separate_arguments(arguments UNIX_COMMAND "${line}")
list(FIND arguments "-o" output)
math(EXPR object "${output} + 1")
list(REMOVE_AT arguments ${output} ${object})
set(ENV{LC_ALL} C)

execute_process(COMMAND ${arguments} -fsyntax-only RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT code EQUAL 0)
    message(FATAL_ERROR "The twin that must compile does not:\n${said}")
endif()

execute_process(COMMAND ${arguments} -fsyntax-only -DMUST_FAIL RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(code EQUAL 0)
    message(FATAL_ERROR "${SOURCE} compiles and must not")
endif()
if(NOT said MATCHES "${WORDS}")
    message(FATAL_ERROR "The compiler does not say \"${WORDS}\":\n${said}")
endif()
