# SPDX-License-Identifier: Apache-2.0
# Runs PROGRAM twice, which must say the same.
foreach(run IN ITEMS first second)
    execute_process(COMMAND "${PROGRAM}" OUTPUT_VARIABLE ${run} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
if(first STREQUAL "" OR NOT first STREQUAL second)
    message(FATAL_ERROR "one process said\n${first}\nand the next\n${second}")
endif()
message("${first}")
