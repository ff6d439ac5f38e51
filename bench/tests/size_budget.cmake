# SPDX-License-Identifier: Apache-2.0
# Checks the budget of sizes with invented programs: text files that say what `size` would print about them.
#
#   cmake -D FOLDER=<to work in> -D CAT=<cat> -P size_budget.cmake
set(script "${CMAKE_CURRENT_LIST_DIR}/../size/budget.cmake")
set(budget "${FOLDER}/budget.json")
file(REMOVE_RECURSE "${FOLDER}")

function(program name text data)
    file(WRITE "${FOLDER}/size_${name}" "   text\t   data\t    bss\n ${text}\t ${data}\t 99999\n")
endfunction()

function(expect status words compiler)
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -D "BUDGET=${budget}" -D "FOLDER=${FOLDER}" -D "SIZE=${CAT}"
            -D "MEASURED_WITH=${compiler}" ${ARGN} -P "${script}"
        OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
    string(REGEX REPLACE "[ \n]+" " " output "${output}")
    if(NOT result EQUAL status OR NOT output MATCHES "${words}")
        message(SEND_ERROR "expected ${status} and \"${words}\", got ${result}: ${output}")
    endif()
endfunction()

expect(1 "cannot measure" "a compiler" -D RENEW=ON) # no programs
program(raw_wolfssl 1000 100)
program(raw_mbedtls 2000 200)
program(twintls_wolfssl 51000 1100)
program(twintls_mbedtls 42000 200)
expect(1 "budget.json" "a compiler") # no budget
expect(0 "wolfssl: twintls adds 51000 bytes to 1100" "a compiler" -D RENEW=ON)
expect(0 "wolfssl: twintls adds 51000 bytes to 1100, 51000 before: 0 .*mbedtls: twintls adds 40000" "a compiler")
expect(1 "was measured with a compiler, and this is another" "another")

program(twintls_wolfssl 51000 1612)
expect(0 "51000 before: 512" "a compiler")
program(twintls_wolfssl 51000 1613)
expect(1 "51000 before: 513 OVER BUDGET.*larger than it was: wolfssl" "a compiler")
program(twintls_mbedtls 43000 200)
expect(1 "larger than it was: wolfssl;mbedtls" "a compiler")
program(twintls_wolfssl 40000 1100)
program(twintls_mbedtls 42000 200)
expect(0 "before: -11000 .renew the budget" "a compiler")

file(READ "${budget}" kept)
foreach(damage IN ITEMS "size-budget-1=size-budget-2" "51000=-51000" "51000=0" "\"mbedtls\"=\"other\"" "own_bytes=bytes")
    string(REPLACE "=" ";" damage "${damage}")
    list(GET damage 0 what)
    list(GET damage 1 with)
    string(REPLACE "${what}" "${with}" damaged "${kept}")
    file(WRITE "${budget}" "${damaged}")
    expect(1 "CMake Error" "a compiler")
endforeach()
