# SPDX-License-Identifier: Apache-2.0
# cmake -D NM=<nm> -D ARCHIVE=<libwolfssl.a> -D SYMBOLS=<a,b,...> -P archive_symbols.cmake
# Fails unless the archive defines every symbol.
execute_process(COMMAND "${NM}" --defined-only "${ARCHIVE}" OUTPUT_VARIABLE table ERROR_QUIET RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${NM} could not read ${ARCHIVE}")
endif()
string(REPLACE "," ";" SYMBOLS "${SYMBOLS}")
set(missing "")
foreach(symbol IN LISTS SYMBOLS)
    if(NOT table MATCHES " [Tt] ${symbol}\n")
        list(APPEND missing "${symbol}")
    endif()
endforeach()
if(missing)
    message(FATAL_ERROR "not in ${ARCHIVE}: ${missing}")
endif()
message(STATUS "in the archive: ${SYMBOLS}")
