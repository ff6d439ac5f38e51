# SPDX-License-Identifier: Apache-2.0
# cmake -D DOCUMENT=<file> -D PROGRAM=<program, or emulator;program> -P is_up_to_date.cmake
#
# Fails unless the document is, byte for byte, what the program prints.
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE wanted COMMAND_ERROR_IS_FATAL ANY)
set(present "")
if(EXISTS "${DOCUMENT}")
    file(READ "${DOCUMENT}" present)
endif()
if(wanted STREQUAL "" OR NOT present STREQUAL wanted)
    list(JOIN PROGRAM " " line)
    message(FATAL_ERROR "${DOCUMENT} is not what the code says. Make it again:\n  ${line} > ${DOCUMENT}")
endif()
