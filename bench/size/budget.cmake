# SPDX-License-Identifier: Apache-2.0
# Compares what twintls adds to a minimal program with the committed budget, or writes it there.
#
#   cmake -D BUDGET=<budget.json> -D FOLDER=<of the programs> -D SIZE=<size of binutils>
#         -D MEASURED_WITH=<compiler and kind of build> [-D RENEW=ON] -P budget.cmake
#
# Own share: text and data, as `size` adds them up, beyond those of the raw program. Sizes repeat to the byte, so the
# tolerance is only for small changes that nobody wants to renew a file for: a new check or error text takes 50 to 150
# bytes. A feature that is linked in although nobody asked for it must not fit into it: the smallest one, the key log,
# has 690.
cmake_minimum_required(VERSION 3.25)
set(tolerance 512)
set(schema "twintls-size-budget-1")

function(loaded_size out program)
    execute_process(COMMAND "${SIZE}" "${program}" OUTPUT_VARIABLE output ERROR_VARIABLE why RESULT_VARIABLE status)
    if(NOT status EQUAL 0 OR NOT output MATCHES "\n *([0-9]+)[ \t]+([0-9]+)")
        message(FATAL_ERROR "cannot measure ${program}: ${status} ${why}")
    endif()
    math(EXPR bytes "${CMAKE_MATCH_1} + ${CMAKE_MATCH_2}")
    set(${out} ${bytes} PARENT_SCOPE)
endfunction()

if(NOT RENEW)
    file(READ "${BUDGET}" budget)
    string(JSON found GET "${budget}" schema)
    if(NOT found STREQUAL schema)
        message(FATAL_ERROR "${BUDGET} is not a budget of sizes: its schema is \"${found}\"")
    endif()
    string(JSON found GET "${budget}" measured_with)
    if(NOT found STREQUAL MEASURED_WITH)
        message(FATAL_ERROR "${BUDGET} was measured with ${found}, and this is ${MEASURED_WITH}: nothing can be compared")
    endif()
endif()

set(over "")
set(entries "")
foreach(name IN ITEMS wolfssl mbedtls)
    loaded_size(raw "${FOLDER}/size_raw_${name}")
    loaded_size(all "${FOLDER}/size_twintls_${name}")
    math(EXPR own "${all} - ${raw}")
    list(APPEND entries "    \"${name}\": ${own}")
    if(RENEW)
        message(STATUS "${name}: twintls adds ${own} bytes to ${raw}")
        continue()
    endif()
    string(JSON allowed GET "${budget}" own_bytes "${name}")
    if(NOT allowed MATCHES "^[1-9][0-9]*$")
        message(FATAL_ERROR "${BUDGET}: the budget of ${name} is not a number of bytes")
    endif()
    math(EXPR change "${own} - ${allowed}")
    set(verdict "")
    if(change GREATER tolerance)
        set(verdict "  OVER BUDGET")
        list(APPEND over ${name})
    elseif(change LESS -${tolerance})
        set(verdict "  (renew the budget, or the gain can be lost unnoticed)")
    endif()
    message(STATUS "${name}: twintls adds ${own} bytes to ${raw}, ${allowed} before: ${change}${verdict}")
endforeach()

if(RENEW)
    list(JOIN entries ",\n" entries)
    file(WRITE "${BUDGET}"
        "{\n  \"schema\": \"${schema}\",\n  \"measured_with\": \"${MEASURED_WITH}\",\n  \"own_bytes\": {\n${entries}\n  }\n}\n")
elseif(over)
    message(FATAL_ERROR
        "A minimal client is more than ${tolerance} bytes larger than it was: ${over}. If that is meant, renew the file with the "
        "target renew-size-budget.")
endif()
