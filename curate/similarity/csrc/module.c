/* The hot loops of curate.similarity, as a module of the stable ABI. What they compute is defined in words.py, join.py
   and minhash.py; the functions of plain.py compute the same with numpy. Results go to buffers that the caller owns and
   has made large enough (compiled.py does). The interpreter lock is released while a kernel runs. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

PyObject *py_tokens(PyObject *, PyObject *);
PyObject *py_shingles(PyObject *, PyObject *);
PyObject *py_blocks(PyObject *, PyObject *);
PyObject *py_fingerprints(PyObject *, PyObject *);
PyObject *py_count(PyObject *, PyObject *);
PyObject *py_prefixes(PyObject *, PyObject *);
PyObject *py_postings(PyObject *, PyObject *);
PyObject *py_records(PyObject *, PyObject *);
PyObject *py_match(PyObject *, PyObject *);
PyObject *py_intersections(PyObject *, PyObject *);
PyObject *py_signatures(PyObject *, PyObject *);

static PyMethodDef methods[] = {
    {"tokens", py_tokens, METH_VARARGS, NULL},
    {"shingles", py_shingles, METH_VARARGS, NULL},
    {"blocks", py_blocks, METH_VARARGS, NULL},
    {"fingerprints", py_fingerprints, METH_VARARGS, NULL},
    {"count", py_count, METH_VARARGS, NULL},
    {"prefixes", py_prefixes, METH_VARARGS, NULL},
    {"postings", py_postings, METH_VARARGS, NULL},
    {"records", py_records, METH_VARARGS, NULL},
    {"match", py_match, METH_VARARGS, NULL},
    {"intersections", py_intersections, METH_VARARGS, NULL},
    {"signatures", py_signatures, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_kernels", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernels(void) { return PyModuleDef_Init(&module); }
