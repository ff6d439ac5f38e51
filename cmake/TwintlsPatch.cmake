# SPDX-License-Identifier: Apache-2.0
# Small changes of a pinned source, for the scripts Patch<library>.cmake.
#
#   twintls_replace_once(<file> <anchor> <replacement>)   the anchor must stand in the file exactly once
#
# Fails when it does not: a release that reads otherwise must be looked at before it is changed.
include_guard(GLOBAL)

function(twintls_replace_once file anchor replacement)
    file(READ "${file}" text)
    string(FIND "${text}" "${replacement}" done)
    if(NOT done EQUAL -1)
        return() # by an earlier run
    endif()
    string(FIND "${text}" "${anchor}" first)
    string(FIND "${text}" "${anchor}" last REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL last)
        message(FATAL_ERROR "${file}: '${anchor}' was expected exactly once; has the release changed?")
    endif()
    string(REPLACE "${anchor}" "${replacement}" text "${text}")
    file(WRITE "${file}" "${text}")
    message(STATUS "${file}: changed at '${anchor}'")
endfunction()
