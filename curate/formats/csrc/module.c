/* Reading JSON lines and handing texts to Arrow, as a module of the stable ABI: see rows.c and views.c. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

PyObject *py_lines(PyObject *, PyObject *);
PyObject *py_rows(PyObject *, PyObject *);
PyObject *py_column(PyObject *, PyObject *);

static PyMethodDef methods[] = {
    {"lines", py_lines, METH_VARARGS, NULL},
    {"rows", py_rows, METH_VARARGS, NULL},
    {"column", py_column, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_kernels", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernels(void) { return PyModuleDef_Init(&module); }
