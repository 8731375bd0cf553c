# cmake -DHEALTHY=PROGRAM -DMUTANT=PROGRAM -DCASE=NAME -P judge.cmake: the case must hold on the healthy program (exit
# code 0) and must not on the other (exit code 5, and nothing else: a crash proves nothing).
cmake_minimum_required(VERSION 3.25)
function(prove program patience_s expected)
  execute_process(COMMAND ${program} doctor --prove-safeguards --only ${CASE} --patience ${patience_s}
                  RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
  message("${program}: exit code ${code}\n${said}")
  if(NOT code STREQUAL expected)
    message(FATAL_ERROR "${CASE}: exit code ${code} instead of ${expected}")
  endif()
endfunction()

prove(${HEALTHY} 30 0)
prove(${MUTANT} 2 5)
