# SPDX-License-Identifier: Apache-2.0
# Small changes of a pinned source, for the scripts Patch<library>.cmake.
#
#   twintls_change(<file> <place> <anchor> BEFORE|AFTER|INSTEAD <text>)
#
# Puts the text before, behind or in the place of the anchor: a few words of one line. What is meant is the first anchor behind the
# place, which is as short and stands in the file exactly once; an empty place says the same of the anchor itself. Fails when it does
# not: a release that reads otherwise must be looked at before it is changed. A second run changes nothing.
include_guard(GLOBAL)

function(twintls_change file place anchor where text)
    file(READ "${file}" content)
    set(head "")
    set(tail "${content}")
    set(unique "${anchor}")
    if(NOT place STREQUAL "")
        set(unique "${place}")
        string(FIND "${content}" "${place}" begin)
        if(NOT begin EQUAL -1)
            string(SUBSTRING "${content}" 0 ${begin} head)
            string(SUBSTRING "${content}" ${begin} -1 tail)
        endif()
    endif()

    if(where STREQUAL "BEFORE")
        set(changed "${text}${anchor}")
    elseif(where STREQUAL "AFTER")
        set(changed "${anchor}${text}")
    elseif(where STREQUAL "INSTEAD")
        set(changed "${text}")
    else()
        message(FATAL_ERROR "twintls_change: '${where}' is no place for a text")
    endif()

    string(FIND "${tail}" "${anchor}" at)
    string(FIND "${tail}" "${changed}" done)
    if(NOT done EQUAL -1 AND (at EQUAL -1 OR done LESS_EQUAL at))
        return() # by an earlier run
    endif()

    string(FIND "${content}" "${unique}" first)
    string(FIND "${content}" "${unique}" last REVERSE)
    if(at EQUAL -1 OR first EQUAL -1 OR NOT first EQUAL last)
        message(FATAL_ERROR "${file}: '${unique}' was expected exactly once, and '${anchor}' behind it; has the release changed?")
    endif()
    string(LENGTH "${anchor}" length)
    string(SUBSTRING "${tail}" 0 ${at} before)
    math(EXPR behind "${at} + ${length}")
    string(SUBSTRING "${tail}" ${behind} -1 after)
    file(WRITE "${file}" "${head}${before}${changed}${after}")
    message(STATUS "${file}: changed at '${anchor}'")
endfunction()
