CREATE TABLE departments (
    dept_id INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    budget DECIMAL(12,2)
);
CREATE TABLE employees (
    emp_id INTEGER PRIMARY KEY,
    first_name VARCHAR NOT NULL,
    email VARCHAR UNIQUE,
    dept_id INTEGER REFERENCES departments (dept_id),
    manager_id INTEGER REFERENCES employees (emp_id),
    salary DECIMAL(10,2) CHECK (salary > 0),
    hired DATE NOT NULL,
    left_on DATE,
    CHECK (left_on >= hired)
);
CREATE TABLE salary_history (
    emp_id INTEGER REFERENCES employees (emp_id),
    valid_from DATE,
    amount INTEGER NOT NULL,
    PRIMARY KEY (emp_id, valid_from)
);
