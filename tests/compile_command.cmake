# SPDX-License-Identifier: Apache-2.0
# twintls_compile_command(<compile_commands.json> <end of a source's path> <variable>): the command that compiles this source, as a
# list, without its output.
function(twintls_compile_command commands source out)
    file(STRINGS "${commands}" line REGEX "\"command\": .*${source}")
    list(LENGTH line found)
    if(NOT found EQUAL 1)
        message(FATAL_ERROR "${commands} has ${found} commands for ${source}")
    endif()
    string(REGEX REPLACE ",$" "" line "${line}")
    string(JSON line GET "{${line}}" command)
    separate_arguments(arguments UNIX_COMMAND "${line}")
    list(FIND arguments "-o" output)
    math(EXPR object "${output} + 1")
    list(REMOVE_AT arguments ${output} ${object})
    set(${out} "${arguments}" PARENT_SCOPE)
endfunction()
