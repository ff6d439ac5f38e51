# SPDX-License-Identifier: Apache-2.0
# Compiles one case without and with MUST_FAIL (and the options FAILS_WITH), by the build's own command: the first must succeed,
# the second fail with the WORDS (a regular expression) in its output, which has no more than MOST_LINES. With a TWIN the first was compiled in that target.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/../compile_command.cmake")
twintls_compile_command("${COMMANDS}" "${SOURCE}" command)
set(ENV{LC_ALL} C)

if(NOT TWIN)
    execute_process(COMMAND ${command} -fsyntax-only RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(NOT code EQUAL 0)
        message(FATAL_ERROR "The twin that must compile does not:\n${said}")
    endif()
endif()

execute_process(COMMAND ${command} -fsyntax-only -DMUST_FAIL ${FAILS_WITH}
    RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(code EQUAL 0)
    message(FATAL_ERROR "${SOURCE} compiles and must not")
endif()
if(NOT said MATCHES "${WORDS}")
    message(FATAL_ERROR "The compiler does not say \"${WORDS}\":\n${said}")
endif()
string(REGEX MATCHALL "\n" ends "${said}")
list(LENGTH ends lines)
if(lines GREATER MOST_LINES)
    message(FATAL_ERROR "The compiler's answer has ${lines} lines, more than ${MOST_LINES}:\n${said}")
endif()
