# SPDX-License-Identifier: Apache-2.0
# cmake -D READELF=<readelf> -D PROGRAM=<program> -P hardened.cmake
# What TWINTLS_HARDENED says is in the program: position independent, relocations read-only and bound at once, no stack that can be
# executed, and the stack protector in use, by the C library linked into it too.
foreach(what IN ITEMS --file-header --program-headers --dynamic --symbols)
    execute_process(COMMAND "${READELF}" --wide ${what} "${PROGRAM}" OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
    string(APPEND all "${text}")
endforeach()
foreach(wanted IN ITEMS "Type: +DYN" "GNU_RELRO" "(BIND_NOW|FLAGS_1.*NOW)" "GNU_STACK[^\n]* RW " "__stack_chk_fail")
    if(NOT all MATCHES "${wanted}")
        message(FATAL_ERROR "${PROGRAM}: nothing matches '${wanted}'")
    endif()
endforeach()
message(STATUS "${PROGRAM} is hardened")
